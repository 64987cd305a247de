/** Credit of measured responses, as the command line and the service give it. */
@NullMarked
package dev.upbeat.app.credit;

import org.jspecify.annotations.NullMarked;
