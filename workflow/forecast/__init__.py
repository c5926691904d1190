"""What comes if things go on as they are: claims that expire, money that stays unused, approvers' work."""
