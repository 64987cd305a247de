/** The files of a study: study.json, study.md, SVG figures and report.html. */
@NullMarked
package dev.upbeat.app.study.output;

import org.jspecify.annotations.NullMarked;
