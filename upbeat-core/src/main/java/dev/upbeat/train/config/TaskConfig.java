package dev.upbeat.train.config;

/**
 * What is to be solved.
 *
 * @param name of the task
 * @param numbers integers of a Countdown puzzle
 * @param train training problems
 * @param test held-out problems
 * @param formatReward what a wrong answer in the right place is worth
 */
public record TaskConfig(String name, int numbers, int train, int test, double formatReward) {
    static TaskConfig read(Section section) {
        return new TaskConfig(
                section.requiredChoice("name", "countdown"),
                section.integer("numbers", 3, 3, 6),
                section.integer("train", 20_000, 1, 1_000_000),
                section.integer("test", 512, 1, 1_000_000),
                section.number("format_reward", 0.0, Range.between(0, 0.999999)));
    }
}
