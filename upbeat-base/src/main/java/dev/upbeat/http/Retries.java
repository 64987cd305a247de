package dev.upbeat.http;

import java.time.Duration;

/** Retries of one request: how many are left, and the pause before each, which doubles up to a limit. */
public final class Retries {
    private final int most;
    private final Duration firstPause;
    private final Duration longestPause;
    private int count;
    private Duration pause;

    /** @param most retries after the first attempt, >= 0 */
    public Retries(int most, Duration firstPause, Duration longestPause) {
        this.most = most;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.pause = firstPause;
    }

    public int most() {
        return most;
    }

    /** Retries so far. */
    public int count() {
        return count;
    }

    /** Counts one more retry and returns the pause before it. */
    public Duration next() {
        if (count == most) {
            throw new IllegalStateException("all " + most + " retries are used");
        }
        count++;
        Duration current = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
        return current;
    }

    /** Starts over, because an attempt made progress. */
    public void reset() {
        count = 0;
        pause = firstPause;
    }
}
