from django.contrib.staticfiles import finders

from portfolio.plotly_file import PlotlyFinder


def test_the_package_brings_the_file_and_nothing_else_of_it_is_served():
    finder = PlotlyFinder()

    assert finder.find("vendor/plotly.min.js").endswith("plotly.min.js")
    assert not finder.find("vendor/widgetbundle.js")
    assert not finder.find("vendor/../plotly.min.js")
    assert [path for path, _ in finder.list(None)] == ["plotly.min.js"]


def test_collecting_static_files_takes_it_along():
    found = finders.find("vendor/plotly.min.js")

    assert found is not None
    assert finders.find("vendor/other.js") is None


def test_nothing_is_missing_at_the_start():
    assert PlotlyFinder().check() == []
