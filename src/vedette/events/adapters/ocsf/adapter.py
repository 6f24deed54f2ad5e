"""OCSF events of any producer: taken over where class and activity are in the vocabulary, kept as other where not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from vedette.events.fields import email, first, flag, mapping, moment, text
from vedette.events.model import Event, RecordFault
from vedette.events.vocabulary import OTHER, vocabulary

_STATUS = {"1": "success", "2": "failure", "Success": "success", "Failure": "failure"}


@lru_cache(maxsize=1)
def _words() -> dict[tuple[int, int], str]:
    return {(word.class_uid, word.activity_id): word.text for word in vocabulary().values()}


def event(record: Mapping[str, Any]) -> Event:
    """One OCSF event."""
    get = record.get
    class_uid, activity_id = get("class_uid"), get("activity_id")
    if type(class_uid) is not int:
        raise RecordFault("has no class_uid")
    actor, source = mapping(get("actor")), mapping(get("src_endpoint"))
    user = mapping(actor.get("user"))
    target = mapping(get("user"))
    session = mapping(actor.get("session")) or mapping(get("session"))
    cloud, api = mapping(get("cloud")), mapping(get("api"))
    resource = mapping(first(get("resources"))) or mapping(get("resource"))
    who = user or target
    address, name = text(who.get("email_addr")), text(who.get("name"))
    return Event(
        time_us=moment(get("time") or get("time_dt")),
        act=_words().get((class_uid, activity_id), OTHER) if type(activity_id) is int else OTHER,
        operation=text(api.get("operation")) or text(get("type_name")) or text(get("activity_name")) or str(class_uid),
        event_id=text(mapping(get("metadata")).get("uid")),
        service=text(mapping(api.get("service")).get("name")),
        outcome=_STATUS.get(text(get("status_id")) or "") or _STATUS.get(text(get("status")) or ""),
        outcome_code=text(get("status_code")),
        principal_id=text(who.get("uid")) or name or address,
        principal_name=name,
        principal_type=text(who.get("type")),
        principal_issuer=text(session.get("issuer")),
        principal_email=email(address) or email(name),
        session_id=text(session.get("uid")),
        mfa=flag(get("is_mfa")) if get("is_mfa") is not None else flag(session.get("is_mfa")),
        invoked_by=text(actor.get("invoked_by")),
        target_id=text(target.get("uid")),
        target_name=text(target.get("name")),
        tenant_id=text(mapping(cloud.get("account")).get("uid")),
        region=text(cloud.get("region")),
        ip=text(source.get("ip")),
        source_name=text(source.get("name")) or text(source.get("svc_name")),
        user_agent=text(mapping(get("http_request")).get("user_agent")),
        resource=text(resource.get("uid")) or text(resource.get("name")),
        resource_type=text(resource.get("type")),
        request_id=text(mapping(api.get("request")).get("uid")),
    )
