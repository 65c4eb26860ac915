"""The frame of a report: one HTML document without external resources."""

import base64
import hashlib
from collections.abc import Mapping
from string import Template

from golden.pictures.style import STYLE

FRAME = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>
$style</style>
</head>
<body>
<header><h1>$title</h1>
$headline
<nav>$links</nav></header>
<main>
$sections
</main>
$script</body>
</html>
""")
SECTION = Template('<section id="$anchor"><h2>$title</h2>\n$body</section>\n')


def document(
    title: str, headline: str, sections: Mapping[str, str], style: str = "", script: str = ""
) -> str:
    """Return a page.

    Parameters
    ----------
    title : str
        Markup, as everything else.
    headline : str
        What stands above the table of contents.
    sections : mapping
        Titles and contents, in order.
    style : str
        What the sheet lacks.
    script : str
        JavaScript that runs when all else is there; no other can run.
    """
    anchors = {title: title.lower().replace(" ", "-") for title in sections}
    return FRAME.substitute(
        title=title,
        style=STYLE + style,
        policy=f"; script-src '{_fingerprint(script)}'" if script else "",
        script=f"<script>{script}</script>\n" if script else "",
        headline=headline,
        links=" ".join(f'<a href="#{anchor}">{title}</a>' for title, anchor in anchors.items()),
        sections="".join(
            SECTION.substitute(anchor=anchors[title], title=title, body=body)
            for title, body in sections.items()
        ),
    )


def _fingerprint(script: str) -> str:
    """Return what a content security policy knows a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
