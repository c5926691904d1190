"""What is said where a file that is imported, or a row of it, is refused."""

from workflow.marking import N_
from workflow.refusal_sentences.sentence import Sentence

OF_IMPORTS: dict[str, Sentence] = {
    "cell_day": Sentence(N_("This is no day."), N_("Write it as 2026-03-31.")),
    "cell_amount": Sentence(N_("This is no amount to the cent."), N_("Write it as 4000.00.")),
    "cell_yes_no": Sentence(N_("This says neither yes nor no."), N_("Write yes or no.")),
    "cell_role": Sentence(N_("{role} is no role."), N_("Write one or more of these: {roles}.")),
    "cell_long": Sentence(N_("This is longer than {most} characters."), N_("Make it shorter.")),
    "partner_unknown": Sentence(
        N_("No partner is called {name}."), N_("Import the partner first, or correct what it is called.")
    ),
    "partner_other": Sentence(
        N_("The number {number} is that of {name}."), N_("Correct the number or the name.")
    ),
    "partner_has_number": Sentence(
        N_("{name} has the number {number}."), N_("Correct the number here, or on the partner’s page.")
    ),
    "partner_type_unknown": Sentence(N_("This is no partner type."), N_("Write one of these: {types}.")),
    "period_unknown": Sentence(N_("There is no JMF period {code}."), N_("Open it, or correct its code.")),
    "several_in_force": Sentence(
        N_("{number} such records are in force, and none is exactly this one."),
        N_("Correct the right one on the partner’s page."),
    ),
    "partner_stays": Sentence(
        N_("This user belongs to another organisation."), N_("Who works for both has two addresses.")
    ),
    "limit_needs_vendor": Sentence(
        N_("A partner’s people decide on no amounts."), N_("Leave the limit empty.")
    ),
    "folder_takes_manager": Sentence(
        N_("The import folder makes nobody less than a programme manager."),
        N_("Do it on the user’s page."),
    ),
    "row_repeats": Sentence(N_("Line {line} is about the same."), N_("Leave one of them out.")),
    "row_wide": Sentence(
        N_("Line {line} has more cells than the {columns} columns."),
        N_("Look for a separator too many, or a text that needs quotation marks."),
    ),
    "row_long": Sentence(
        N_("A cell in line {line} has more than {most} characters."),
        N_("Look for a quotation mark that is not closed."),
    ),
    "csv_broken": Sentence(
        N_("Line {line} cannot be read: a quotation mark is where none may be, or is not closed."),
        N_("Export the file once more, or correct that line."),
    ),
    "file_encoding": Sentence(
        N_("Line {line} is not in UTF-8."), N_("Save the file as “CSV UTF-8”, or as XLSX.")
    ),
    "file_headings": Sentence(
        N_("The first line does not name the columns."), N_("Let it hold these: {columns}.")
    ),
    "column_unknown": Sentence(
        N_("Columns that are not known here: {column}."),
        N_("Remove or rename them. There are these: {columns}."),
    ),
    "column_twice": Sentence(N_("The column {column} stands there twice."), N_("Remove one of them.")),
    "column_missing": Sentence(
        N_("The column {column} is missing."), N_("Add it, and fill it in every row.")
    ),
    "file_large": Sentence(N_("The file has more than {most} MB."), N_("Split it into several.")),
    "file_long": Sentence(N_("The file has more than {most} rows."), N_("Split it into several.")),
    "file_gone": Sentence(N_("The file is in the store no more."), N_("Send it once more.")),
    "sheet_unreadable": Sentence(
        N_("This workbook cannot be read: it is damaged, or does what no table needs."),
        N_("Copy the rows into a new workbook, or save them as CSV."),
    ),
    "import_changed": Sentence(
        N_("Something has changed since you looked, and nothing was written."), N_("Look once more.")
    ),
    "import_wrong": Sentence(
        N_("{number} rows are wrong, so nothing is written."), N_("Correct them and send the file again.")
    ),
    "import_same": Sentence(N_("All of this is on file already."), N_("Nothing needs to be done.")),
    "import_busy": Sentence(N_("The file is in work."), N_("Wait until that is done.")),
    "import_gone": Sentence(
        N_("The file went, since somebody in it was erased, or after a month."),
        N_("Send one without them."),
    ),
    "import_applied": Sentence(N_("The file was applied already."), N_("Nothing needs to be done.")),
    "import_file": Sentence(N_("This is neither CSV nor a workbook."), N_("Choose a .csv or .xlsx file.")),
    "import_kind": Sentence(N_("It is not said what the rows are about."), N_("Choose it from the list.")),
}
