/**
 * The attention rhythm (docs/method.md, sections 2 and 3): head span (Eq. 7), head groups (Eq. 8), WAAD (Eq. 9), FAI
 * (Eq. 10) and receiver heads.
 */
@NullMarked
package dev.upbeat.rhythm;

import org.jspecify.annotations.NullMarked;
