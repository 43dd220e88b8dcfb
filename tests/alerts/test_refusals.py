"""What is taken to be about the length of a message: answers of real services and libraries."""

from __future__ import annotations

import pytest

from tests.rows import rows
from tracker.alerts.refusals import is_about_length

TOO_LONG = [
    ("413", ""),
    ("413", "<html><h1>413 Request Entity Too Large</h1></html>"),
    ("413", '{"errcode":"M_TOO_LARGE","error":"event too large"}'),
    ("400", '{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}'),
    ("400", '{"ok":false,"description":"Bad Request: MESSAGE_TOO_LONG"}'),
    ("200", '{"ok":false,"error":"msg_too_long"}'),
    ("", "msg_blocks_too_long"),
    ("400", '{"content": ["Must be 2000 or fewer in length."]}'),
    ("400", '{"message":"Invalid Form Body","code":50035,"errors":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 2000 or fewer in length."}]}}}'),
    ("422", '{"error":"Validation failed: Text character limit of 500 exceeded"}'),
    ("400", '{"error":{"message":"Invalid param.","code":"INVALID_PARAM","info":{"param":"text","reason":"must NOT have more than 3000 characters"}}}'),
    ("400", '{"error":"Bad Request","errorCode":400,"errorDescription":"message is too long: 3000 bytes allowed"}'),
    ("400", '{"code":21617,"message":"The concatenated message body exceeds the 1600 character limit."}'),
    ("400", '{"message":"The request body has 1 error(s)","details":[{"message":"Length must be between 0 and 5000","property":"messages[0].text"}]}'),
    ("400", '{"error":{"message":"(#100) Param text[\'body\'] must be at most 4096 characters long."}}'),
    ("400", '{"error":"InvalidRequest","message":"Record/text must not be longer than 300 graphemes"}'),
    ("400", '{"error":{"code":400,"message":"Message cannot be longer than 4096 characters."}}'),
    ("400", '{"error":{"code":400,"message":"Android message is too big","status":"INVALID_ARGUMENT"}}'),
    ("400", "Invalid parameter: Message too long"),
    ("400", "Received invalid Message: must be less than 16383 characters"),
    ("200", '{"errcode":45002,"errmsg":"content size out of limit"}'),
    ("200", '{"code":230025,"msg":"The length of the message content reaches its limit."}'),
    ("200", '{"errcode":40035,"errmsg":"消息内容过长"}'),
    ("422", '{"message":"Message can not be longer than 130 characters"}'),
    ("400", '{"status":"invalid event","errors":["\'payload.summary\' is too long (max 1024)"]}'),
    ("422", '{"errors":{"text":["may not be greater than 500 characters"]}}'),
    ("422", '{"detail":[{"type":"string_too_long","loc":["body","text"],"msg":"String should have at most 500 characters","ctx":{"max_length":500}}]}'),
    ("400", "text must be at most 500 characters"),
    ("400", "must NOT have more than 500 characters"),
    ("400", "Text is too long (maximum is 500 characters)"),
    ("400", '{"text":["Ensure this field has no more than 500 characters."]}'),
    ("400", '"text" length must be less than or equal to 500 characters long'),
    ("400", "String must contain at most 500 character(s)"),
    ("400", "Too big: expected string to have <=500 characters"),
    ("400", "size must be between 0 and 500"),
    ("400", "The field text must be a string with a maximum length of 500."),
    ("400", "Longer than maximum length 500."),
    ("400", "http: request body too large"),
    ("400", "payload larger than 500 bytes"),
    ("400", "message body is oversized"),
    ("400", "Content too big"),
    ("400", "Message size exceeds fixed maximum message size"),
    ("400", "max_message_size is 4096"),
    ("400", "the message may have 500 characters at most"),
    ("400", "Please shorten your message"),
    ("400", "body exceeds 16KB"),
    ("400", '{"id":"f7","error":"message is too long"}'),
    ("400", '{"file":null,"name":"x","detail":"text exceeds 500 characters"}'),
    ("400", "Invalid topic, host: the message body is too large"),
    ("400", "Your message exceeds the maximum allowed length"),
    ("400", "data too large"),
    ("400", "メッセージが長すぎます"),
    ("400", "本文は500文字以内で入力してください"),
    ("400", "Nachricht zu lang"),
    ("400", "Le message est trop long"),
    ("400", "El mensaje es demasiado largo"),
    ("400", "Сообщение слишком длинное"),
    ("400", "메시지가 너무 깁니다"),
    ("400", '{"error":"message is too long","docs":"https://example.org/rate-limits"}'),
]  # fmt: skip

ANOTHER_REASON = [
    ("429", '{"code":42901,"http":429,"error":"limit reached: too many requests","link":"https://ntfy.sh/docs/publish/#limitations"}'),
    ("429", "message is too long"),
    ("429", '{"message":"You are being rate limited.","retry_after":0.65,"global":false}'),
    ("429", "Too Many Requests: retry after 35"),
    ("507", '{"code":50701,"http":507,"error":"cannot publish: topic limit exceeded"}'),
    ("401", '{"error":"account limit: token exceeded its validity"}'),
    ("403", "quota exceeded: message too long"),
    ("403", "forbidden: quota exceeded for topic"),
    ("500", "maximum number of connections reached"),
    ("500", "value too long for type character varying(500)"),
    ("502", "upstream sent too big header while reading response header from upstream"),
    ("503", "maximum queue length exceeded"),
    ("504", "the request took too long"),
    ("408", "request body took too long"),
    ("404", "topic name too long"),
    ("402", "message limit of your plan exceeded"),
    ("414", "URI Too Long"),
    ("431", "Request Header Fields Too Large"),
    ("400", "400 Bad Request: Request Header Or Cookie Too Large"),
    ("400", ""),
    ("400", "Bad Request"),
    ("411", "Length Required"),
    ("400", "invalid Content-Length"),
    ("200", '{"ok":false,"error":"ratelimited"}'),
    ("200", '{"ok":false,"error":"rate_limited"}'),
    ("200", '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}'),
    ("200", '{"errcode":45009,"errmsg":"reqs out of api limit"}'),
    ("200", '{"errcode":45009,"errmsg":"接口调用超过频率限制"}'),
    ("400", '{"code":11232,"msg":"frequency limited psm[lark.oapi.app_platform_runtime]"}'),
    ("400", "Rate limit exceeded: 500 characters per second"),
    ("400", "daily message limit exceeded"),
    ("400", "You have exceeded your monthly limit of 500 messages"),
    ("400", "message limit reached"),
    ("400", "exceeded your current quota, please check your plan"),
    ("400", "spending limit exceeded"),
    ("400", "Too many messages"),
    ("400", "Maximum number of recipients exceeded"),
    ("400", "Too many recipients: at most 50"),
    ("400", "attachment too large, or bandwidth limit reached"),
    ("400", "storage size limit exceeded"),
    ("400", "mailbox size limit exceeded"),
    ("400", "Topic name is too long"),
    ("400", "The url field is too long"),
    ("400", 'The "url" is too long'),
    ("400", "message queue size limit exceeded"),
    ("400", "channel_id: must be at most 64 characters"),
    ("400", "device token has a maximum length of 64"),
    ("400", "invalid delay parameter: too large"),
    ("400", "webhook is no longer valid"),
    ("400", "This room no longer exists; the limit of rooms is 500"),
    ("400", "it has been too long since the last login"),
    ("400", "the response took too long"),
    ("400", "Flood control exceeded"),
    ("400", "priority must be at most 5"),
    ("400", "unlimited is no such plan"),
    ("400", "text is too short: at least 1 character"),
    ("400", "unknown channel"),
    ("", "[Errno 111] Connection refused"),
    ("", "timed out after waiting for 4096 bytes"),
]  # fmt: skip


@rows("status, words", TOO_LONG)
def test_an_answer_about_the_length_of_the_message_is_known(status: str, words: str) -> None:
    assert is_about_length(status, words)


@rows("status, words", ANOTHER_REASON)
def test_an_answer_about_anything_else_makes_no_message_shorter(status: str, words: str) -> None:
    assert not is_about_length(status, words)


@pytest.mark.parametrize(
    ("title", "words", "is_about"),
    [
        ("Report of the monthly rate quota", "{}: String should have at most 500 characters", True),
        ("The lease is too long for us", '{"error":"bad request","input":"{}"}', False),
    ],
)
def test_what_an_answer_repeats_of_the_message_is_not_read(
    title: str, words: str, is_about: bool
) -> None:
    assert is_about_length("400", words.replace("{}", title), f"{title}\nin 7 days") is is_about
