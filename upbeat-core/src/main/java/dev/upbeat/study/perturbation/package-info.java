/** The perturbation study: whether replacing a token of high FAI changes the continuation more (Eq. 11, Table 1). */
@NullMarked
package dev.upbeat.study.perturbation;

import org.jspecify.annotations.NullMarked;
