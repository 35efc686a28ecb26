"""The site for Sphinx. `python -m docs.building` gathers the pages and calls Sphinx with this."""

from docs.building.carried import MATHJAX, carried_file

project = "adcourse"
author = "The adcourse authors"
html_title = "adcourse"
language = "en"
smartquotes = False  # they would make one dash of the two before an option

extensions = ["docs.building.extension", "docs.building.docstrings", "myst_nb"]
root_doc = "index"
exclude_patterns = ["_build"]
# Notebooks hold their outputs: what was reviewed is what is shown.
nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "myst"  # tables and formulas in outputs, too
nb_render_error_lexer = "text"  # a hint of the checks is a sentence, not a traceback
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
add_module_names = False  # signatures are long enough

html_theme = "sphinx_book_theme"
html_static_path = ["building/static", str(carried_file(*MATHJAX))]
html_favicon = "building/static/favicon.svg"
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_show_sphinx = False
html_show_copyright = False
html_last_updated_fmt = None
mathjax_path = "tex-svg.js"  # one file with its glyphs: nothing is loaded from elsewhere
# Formulas are what Markdown says is one, and what an output writes between dollars.
myst_update_mathjax = False
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"], ["$", "$"]]},
    "options": {
        "enableMenu": False,
        "ignoreHtmlClass": "document",
        "processHtmlClass": "math|text_html",
    },
}
pygments_style = "a11y-high-contrast-light"
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],  # the search field of the sidebar is enough
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "show_toc_level": 2,
    "footer_content_items": [],
}
