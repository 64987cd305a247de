"""What transformers renders of the templates in ../resources/chat_templates (golden.json there), and of small ones with one
construct each (chat_template_constructs.py; constructs.json there).

    pip install transformers==5.24.0 jinja2==3.1.6
    python chat_template_goldens.py

The templates are this project's own; together they use every construct that SmolLM2, Qwen2.5, Qwen3, Llama 3 and Mistral
use. Each is rendered on every conversation and set of variables below, through the environment that transformers'
apply_chat_template makes. A rendering is compared exactly; where transformers raises, "fails" says so. The clock stands
still.
"""

import copy
import datetime
import json
from pathlib import Path

import chat_template_constructs as constructs
import jinja2
import transformers
from transformers.utils import chat_template_utils

HERE = Path(__file__).parent.parent / "resources" / "chat_templates"
NOW = datetime.datetime(2026, 3, 7, 14, 5, 9)


class StoppedClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


chat_template_utils.datetime = StoppedClock


def talk(*turns):
    return [{"role": role, "content": content} for role, content in turns]


def call(name_of_call, function, arguments):
    return {"id": name_of_call, "type": "function", "function": {"name": function, "arguments": arguments}}


CONVERSATIONS = [
    talk(("user", "Why is the sky blue?")),
    talk(("system", "Be kind.\n"), ("user", "  2 + 2?  ")),
    talk(("system", ""), ("user", "")),
    talk(("user", "a"), ("assistant", "<t>\nhm\n</t>\n\nb"), ("user", "c"), ("assistant", "<t>so</t>d"), ("user", "e")),
    talk(("system", "S\u00ffst\u00e9me \U0001f44d"), ("user", "\u4f60\u597d {{ braces }} {% if %} {# #}"), ("assistant", "'q' \"d\" \\n")),
    talk(("user", "a"), ("assistant", "one"), ("tool", "<obs>1</obs>"), ("tool", "2"), ("assistant", "</t>two")),
    talk(("user", "<obs>x</obs>"), ("user", "two in a row")),
    talk(("user", "a"), ("assistant", " b "), ("tool", "[1, 2]"), ("user", "c")),
    talk(("system", "s"), ("system", "again"), ("user", "u\r\nv"), ("assistant", "")),
    talk(("user", "a"), ("assistant", "The answer is ")),
    talk(("user", "a"), ("assistant", "<t>\nso\n</t>\n\n 4\n")),
    talk(("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "\u00a0b\u00a0")),
    [
        {"role": "system", "content": "Use tools. /no_think"},
        {"role": "user", "content": "Where?"},
        {"role": "assistant", "content": "", "tool_calls": [call("c1", "look", {"place": "h\u00f6me", "depth": 2})]},
        {"role": "tool", "content": "[1, 2]", "tool_call_id": "c1", "name": "look"},
        {"role": "assistant", "content": "There."},
        {"role": "user", "content": "Sure?"},
    ],
    [
        {"role": "user", "content": "Two things"},
        {
            "role": "assistant",
            "content": None,
            "reasoning_content": "\nI call both.\n",
            "tool_calls": [call("c1", "look", '{"place": "x"}'), call("c2", "clock", {})],
        },
        {"role": "tool", "content": "a", "tool_call_id": "c1"},
        {"role": "tool", "content": "b", "tool_call_id": "c2"},
    ],
    [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "reasoning_content": "old thoughts"},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d", "thinking": "new thoughts"},
    ],
    [{"role": "user", "content": "u", "name": "Ann"}, {"role": "assistant", "content": "<t>\nt\n</t>\n\nv ", "tool_calls": None}],
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "look",
            "description": "Looks \u00e9verywhere",
            "parameters": {"place": {"type": "string"}, "depth": {"type": "number", "default": 1.5}},
            "return": "dropped",
        },
    }
]
VARIABLES = [
    {},
    {"enable_thinking": False},
    {"tools": TOOLS, "builtin": ["clock", "map", "sum"], "date": "1 Apr 2026"},
    {
        "tools": TOOLS + [{"type": "function", "function": {"name": "clock", "description": "Tells the time"}}],
        "documents": [{"title": "One", "text": "x"}, {"title": "Two", "text": "y"}, {"title": "Three", "text": "z"}],
        "tools_before_question": False,
    },
]
SPECIAL_TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def render(name, conversation, variables, **options):
    """What apply_chat_template makes of a conversation before it is tokenized."""
    messages = chat_template_utils._normalize_chat_messages(CONVERSATIONS[conversation])
    source = (HERE / f"{name}.jinja").read_text(encoding="utf-8")
    try:
        rendered = chat_template_utils.render_jinja_template(
            [messages], chat_template=source, **options, **(SPECIAL_TOKENS | variables)
        )
        return {"rendered": rendered[0][0]}
    except jinja2.exceptions.UndefinedError:
        return {"fails": ""}
    except jinja2.exceptions.TemplateError as e:
        return {"fails": str(e)}
    except (TypeError, ValueError):
        return {"fails": ""}


def case(name, conversation, prompt, variables):
    row = {"template": name, "conversation": conversation, "add_generation_prompt": prompt, "variables": variables}
    return row | render(name, conversation, VARIABLES[variables], add_generation_prompt=prompt)


cases = [
    case(path.stem, conversation, prompt, variables)
    for path in sorted(HERE.glob("*.jinja"))
    for conversation in range(len(CONVERSATIONS))
    for variables in range(len(VARIABLES))
    for prompt in (False, True)
]
# What a template does not ask for changes nothing: such cases are left out.
seen = set()
kept = []
for row in cases:
    key = (row["template"], row["conversation"], row.get("rendered"), row.get("fails"))
    if key not in seen:
        seen.add(key)
        kept.append(row)


def continued(name, conversation):
    """A conversation that ends with an assistant message, continued by transformers."""
    return {"template": name, "conversation": conversation} | render(
        name, conversation, {}, continue_final_message=True
    )


golden = {
    "generator": "upbeat-jinja/src/test/python/chat_template_goldens.py",
    "versions": {"transformers": transformers.__version__, "jinja2": jinja2.__version__},
    "tolerance": "exact",
    "now": NOW.isoformat(),
    "special_tokens": SPECIAL_TOKENS,
    "conversations": CONVERSATIONS,
    "variables": VARIABLES,
    "continued": [
        continued(path.stem, i)
        for path in sorted(HERE.glob("*.jinja"))
        for i, conversation in enumerate(CONVERSATIONS)
        if conversation[-1]["role"] == "assistant"
    ],
}
text = json.dumps(golden, ensure_ascii=True, indent=1)[:-2]
text += ',\n "cases": [\n' + ",\n".join(json.dumps(row, ensure_ascii=True) for row in kept) + "\n]}\n"
(HERE / "golden.json").write_text(text, encoding="utf-8")


def construct(template):
    try:
        compiled = chat_template_utils._compile_jinja_template(template)
        return {"template": template, "rendered": compiled.render(**copy.deepcopy(constructs.CONTEXT))}
    except Exception as e:  # whatever Python raises
        return {"template": template, "fails": f"{type(e).__name__}: {e}"[:120]}


text = json.dumps(
    {
        "generator": golden["generator"],
        "versions": golden["versions"],
        "tolerance": "exact",
        "now": NOW.isoformat(),
        "context": constructs.CONTEXT,
    },
    indent=1,
)[:-2]
rows = [construct(template) for template in constructs.templates()]
text += ',\n "cases": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]}\n"
(HERE / "constructs.json").write_text(text, encoding="utf-8")
