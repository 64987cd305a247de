/** Requests over HTTP: proxies, reading with a time limit, pauses between attempts. */
@NullMarked
package dev.upbeat.http;

import org.jspecify.annotations.NullMarked;
