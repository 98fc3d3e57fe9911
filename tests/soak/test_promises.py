"""The tests of the promises whose figures are larger here; see what each reads of COUNTERSIGN_SOAK."""

from tests.promises.test_durable import (
    test_no_confirmed_receipt_is_lost_when_postgresql_is_stopped_at_once as test_durable_on_postgresql,
)
from tests.promises.test_durable import test_no_confirmed_receipt_is_lost_when_processes_are_killed as test_durable
from tests.promises.test_hostile_files import (
    test_promise_8_pages_are_as_quick_while_hostile_documents_are_read as test_pages_while_documents_are_read,
)
from tests.promises.test_links_looked_at import (
    test_promise_2_thousands_of_looks_at_a_link_make_no_receipt_and_spend_nothing as test_links_looked_at,
)
from tests.promises.test_links_looked_at import (
    test_promise_4_twenty_parallel_posts_through_one_link_make_one_receipt as test_one_act_by_link,
)
from tests.promises.test_mail_flood import (
    test_promise_6_pages_are_as_quick_while_mail_goes_out as test_pages_while_mail_goes_out,
)
from tests.promises.test_mail_flood import (
    test_promise_6_two_days_without_a_mail_server_lose_nothing as test_two_days_without_mail,
)
from tests.promises.test_many_writers import (
    test_eight_processes_write_receipts_at_once_without_an_error as test_many_writers,
)
from tests.promises.test_mutated_files import honest
from tests.promises.test_mutated_files import test_promise_19_files_changed_at_random_harm_nobody as test_mutated_files
from tests.promises.test_one_act import test_twenty_parallel_posts_of_one_act_make_one_receipt as test_one_act
from tests.promises.test_pack_building import (
    test_promise_8_pages_are_as_quick_while_a_pack_is_printed as test_pages_while_a_pack_is_printed,
)
from tests.schedule.test_several_processes import (
    test_whatever_happens_to_the_processes_each_slot_has_one_row_and_runs_at_most_once as test_scheduled_once,
)

__all__ = [
    "honest",
    "test_durable",
    "test_durable_on_postgresql",
    "test_links_looked_at",
    "test_many_writers",
    "test_mutated_files",
    "test_one_act",
    "test_one_act_by_link",
    "test_pages_while_a_pack_is_printed",
    "test_pages_while_documents_are_read",
    "test_pages_while_mail_goes_out",
    "test_scheduled_once",
    "test_two_days_without_mail",
]
