/** Grids of trainings: methods x seeds x tasks as runs that are never done twice, and what they show. */
@NullMarked
package dev.upbeat.study.grid;

import org.jspecify.annotations.NullMarked;
