/**
 * {@code upbeat serve}: rhythm and credit over HTTP, for trainers in other processes (docs/service.md). {@link
 * dev.upbeat.app.serve.Service} is the entry; each call has its own handler.
 */
@NullMarked
package dev.upbeat.app.serve;

import org.jspecify.annotations.NullMarked;
