"""Tables for a paper: the corpus, the models and the metrics by channel, and files for spreadsheet, LaTeX and Word.

    pa.save_table(pa.corpus_table(study), "table1_corpus", caption="The articles.")
"""

from __future__ import annotations

from .tabling.campaign_models import models_table
from .tabling.channel_metrics import channel_metrics_table
from .tabling.corpus import corpus_table
from .tabling.table_files import SavedTable, save_table

__all__ = ["SavedTable", "channel_metrics_table", "corpus_table", "models_table", "save_table"]
