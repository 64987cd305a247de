/** Peaks of token series and the linkages between them, with chance, intervals and controls (docs/method.md, section 4). */
@NullMarked
package dev.upbeat.linkage;

import org.jspecify.annotations.NullMarked;
