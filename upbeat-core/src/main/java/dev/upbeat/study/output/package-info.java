/** The form in which every study leaves its results: study.json, study.md, SVG figures and report.html. */
@NullMarked
package dev.upbeat.study.output;

import org.jspecify.annotations.NullMarked;
