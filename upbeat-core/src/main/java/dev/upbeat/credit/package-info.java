/** Credit (docs/method.md, section 6): what each response token's advantage is multiplied by. */
@NullMarked
package dev.upbeat.credit;

import org.jspecify.annotations.NullMarked;
