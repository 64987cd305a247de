package dev.upbeat.study.grid;

/** A cell of the grid: one training. */
public record GridRun(String task, String method, long seed) {
    @Override
    public String toString() {
        return task + ", " + method + ", seed " + seed;
    }
}
