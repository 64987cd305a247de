/** docs/method.md, sections 2 to 4: spans, head groups, WAAD, FAI, receivers, peaks and linkages. */
@NullMarked
package dev.upbeat.rhythm;

import org.jspecify.annotations.NullMarked;
