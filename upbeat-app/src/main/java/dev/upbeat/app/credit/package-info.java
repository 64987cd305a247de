/** Credit for traces that were measured before, without a model. */
@NullMarked
package dev.upbeat.app.credit;

import org.jspecify.annotations.NullMarked;
