"""The server of a real installation: `gunicorn --config deploy/gunicorn.conf.py wsgi:app`, behind a proxy."""

bind = "127.0.0.1:8000"
workers = 2
worker_class = "gthread"
threads = 8
# The app is loaded before the workers are made, so that a wrong setting ends the start with its one line.
preload_app = True
control_socket_disable = True
# No header may say under which path the product lies: it lies at the top of its host.
forwarder_headers = ""
graceful_timeout = 30
# Requests are logged by the proxy, which knows to leave single-use links out.
