/** Studies as the application runs them: trainings in processes of their own. */
@NullMarked
package dev.upbeat.app.study;

import org.jspecify.annotations.NullMarked;
