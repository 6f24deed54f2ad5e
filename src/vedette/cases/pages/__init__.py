"""Pages of cases: the queue and the case, bulk decisions, what waits for a second person, and what else people owe."""

from vedette.cases.pages import approval, bulk, desk, duties, look, more, sample
from vedette.doors import pages, web
from vedette.doors.pages import word

LINKS = (
    pages.Link("/queue", word("Queue"), web.Permission.READ, "q", 20),
    pages.Link("/approvals", word("Approvals"), web.Permission.READ, "t", 25),
    pages.Link("/duties", word("Duties"), web.Permission.READ, "d", 30),
)
routers = (bulk.router, approval.router, desk.router, look.router, duties.router, more.router, sample.router)
