"""Texts that one vendor or another would read as its own fields."""

TRAPS = (
    "{{", "}}", "{{{", "{{ name }}", "{{{name}}}", "{{#if a}}b{{/if}}", "{{ f0 }}", "{{f0}}{{c0}}",
    "{{{ pm:unsubscribe }}}", "{%", "{% if a %}b{% endif %}", "{# a #}", "%recipient%",
    "%recipient.x%", "%recipient.f0%", "%unsubscribe_url%", "%25", "<%",
    "<%asm_group_unsubscribe_raw_url%>",
    "[[", "[[UNSUB_LINK_EN]]", "[[data:a:b]]", "[[var:f0]]", "-name-", "-f0-", "{$x}",
    "{$name}", "*|FNAME|*",
    "{unsubscribe}", "{{ unsubscribe }}", "{{ params.f0 }}", "{{contact.EMAIL}}", "${x}", "#{x}",
    "\\{{a}}", "{", "}", "%", "{{{{raw}}}}", "$&", "\\1",
)  # fmt: skip
