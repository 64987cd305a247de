/** Credit (docs/method.md, section 6): the weights that multiply the advantage of each response token. */
@NullMarked
package dev.upbeat.credit;

import org.jspecify.annotations.NullMarked;
