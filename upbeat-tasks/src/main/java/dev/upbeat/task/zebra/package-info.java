/** ZebraLogic: logic grid puzzles in words, read, solved, generated and their answers verified cell by cell. */
@NullMarked
package dev.upbeat.task.zebra;

import org.jspecify.annotations.NullMarked;
