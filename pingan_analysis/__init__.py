"""Comparative study of Chinese local governments' 平安建设 campaigns, as their own articles report them.

    import pingan_analysis as pa

Every public name is loaded when it is first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "articles": ("read_articles", "skipped", "boilerplate"),
    "segment": ("Segmenter", "segment"),
    "lexicon": ("domain_terms", "glosses"),
    "ingestion": ("ingest",),
    "study": ("Study", "load_study"),
    "terms": (
        "content_terms", "count_terms", "dispersion", "document_similarity", "mean_tf_idf", "term_dispersion",
        "term_spread", "tf_idf", "top_terms",
    ),
    "matrix": ("document_term_matrix",),
    "concordance": ("kwic",),
    "numerals": ("find_quantities",),
    "periods": ("find_periods",),
    "metrics": ("document_metrics", "extract_metrics"),
    "metric_view": ("show_metrics",),
    "models": ("document_models", "find_models"),
    "channels": ("find_channels",),
    "comparison": ("channel_overlap", "compare_models"),
    "keyness": ("keyness", "keyness_of_each", "keyness_scores"),
    "calibration": ("calibrate_keyness", "keyness_power"),
    "robustness": ("keyword_specifications", "keyword_survival", "survival_by_choice", "term_variants"),
    "reuse": ("phrase_texts", "reuse_matrix", "reuse_shares", "shared_phrases", "travelling_phrases"),
    "provenance": ("in_context", "term_evidence"),
    "evidence": ("phrase_evidence", "row_evidence", "variant_evidence"),
    "glossary": ("glossary",),
    "table_view": ("show_table",),
    "paper_tables": ("channel_metrics_table", "corpus_table", "models_table", "save_table"),
    "captions": ("caption",),
    "handout": ("build_handout",),
    "audit": ("audit_metrics",),
    "series": ("campaign_events", "metric_series"),
    "trends": ("term_trend",),
    "paths": ("data_folder",),
    "coding_sheet": ("coding_columns", "read_coding_sheet"),
    "agreement": ("agreement", "disagreements", "read_coded"),
    "figures": (
        "plot_calibration", "plot_campaign_timeline", "plot_channel_matrix", "plot_channel_scale", "plot_corpus",
        "plot_dispersion", "plot_keyness", "plot_metric_periods", "plot_metric_series", "plot_model_anatomy",
        "plot_ranked_terms", "plot_reliability", "plot_reuse_matrix", "plot_segmentation", "plot_shared_phrases",
        "plot_similarity", "plot_survival", "plot_term_heatmap", "plot_term_trend", "save_figure", "use_house_style",
    ),
    "report": ("build_report",),
    "schema": ("check_table",),
    "errors": ("PinganError",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted([*_HOME_OF, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    """Keeps `pa.segment` the function when the module of that name is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
