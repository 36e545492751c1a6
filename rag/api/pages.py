"""The few pages that are neither the chat nor JSON. They need no script and ask no other host for anything."""

from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #e6e9ee); --dim: light-dark(#5c6675, #9aa4b2);
  --line: light-dark(#dde1e7, #333b47); --ground: light-dark(#fff, #151a21); --accent: light-dark(#0f766e, #5eead4); }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.6 -apple-system, "Segoe UI", "Noto Sans",
  "Liberation Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 32px 20px 80px; overflow-wrap: anywhere; }
main.small { max-width: 320px; padding-top: 16vh; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin: 36px 0 8px; }
h3 { font-size: 14px; margin: 26px 0 6px; font-family: ui-monospace, monospace; }
h3 b { color: var(--accent); display: inline-block; min-width: 64px; }
p { margin: 6px 0; } dt span { color: var(--dim); } a { color: var(--accent); }
dl { margin: 6px 0 0; padding-left: 12px; border-left: 2px solid var(--line); font-size: 13.5px; }
dt { font-family: ui-monospace, monospace; } dd { margin: 0 0 6px 16px; }
label { display: block; margin: 14px 0; }
input:not([type=hidden]) { display: block; width: 100%; box-sizing: border-box; padding: 9px 10px; font: inherit;
  color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
button { padding: 9px 18px; font: inherit; border: 0; border-radius: 6px; background: #0f766e; color: #fff;
  cursor: pointer; }
.alert { border-left: 3px solid #c2571a; padding: 4px 10px; }
"""


def page(title: str, body: str, language: str = "en") -> str:
    """A whole page; ``body`` is HTML, ``title`` text."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset=utf-8><title>{escape(title)}</title>'
        f'<meta name=viewport content="width=device-width, initial-scale=1"><link rel=icon href="data:,">'
        f"<style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>"
    )
