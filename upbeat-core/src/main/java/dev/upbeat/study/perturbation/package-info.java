/** The perturbation study: do other tokens at some positions change what follows more than at others (Eq. 11, Table 1)? */
@NullMarked
package dev.upbeat.study.perturbation;

import org.jspecify.annotations.NullMarked;
