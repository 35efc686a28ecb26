def text_of(d, style):
    from adcourse.symbolic.matrix_calculus.text import text, scalar_text
    return str(d.results)
latex_of = html_of = text_of
