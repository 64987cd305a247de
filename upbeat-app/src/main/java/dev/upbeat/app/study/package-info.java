/** The paper's studies: from prompts to a directory with tables, figures and the runs behind them. */
@NullMarked
package dev.upbeat.app.study;

import org.jspecify.annotations.NullMarked;
