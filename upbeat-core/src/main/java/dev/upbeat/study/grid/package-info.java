/** Grids of trainings: methods x seeds x tasks, each run once, and their statistics. */
@NullMarked
package dev.upbeat.study.grid;

import org.jspecify.annotations.NullMarked;
