package dev.upbeat.task.zebra;

/**
 * What looks like a grid in a text.
 *
 * @param beginning where, in characters
 */
record Found(int beginning, Cells cells) {}
