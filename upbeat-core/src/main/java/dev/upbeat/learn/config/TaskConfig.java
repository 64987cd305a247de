package dev.upbeat.learn.config;

/**
 * What is to be solved.
 *
 * @param name of the task
 * @param numbers integers of a Countdown puzzle
 * @param train training problems
 * @param test held-out problems
 */
public record TaskConfig(String name, int numbers, int train, int test) {
    static TaskConfig read(Section section) {
        return new TaskConfig(
                section.requiredChoice("name", "countdown"),
                section.integer("numbers", 3, 3, 6),
                section.integer("train", 20_000, 1, Integer.MAX_VALUE),
                section.integer("test", 512, 1, Integer.MAX_VALUE));
    }
}
