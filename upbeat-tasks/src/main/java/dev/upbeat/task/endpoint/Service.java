package dev.upbeat.task.endpoint;

/** A kind of service behind an address: its name in messages, and the environment variable that holds its secret. */
public enum Service {
    REWARD("reward endpoint", "http://localhost:8000/reward", "UPBEAT_REWARD_TOKEN"),
    JUDGE("judge", "http://localhost:8000/v1", "UPBEAT_JUDGE_KEY");

    private final String title;
    private final String example;
    private final String secret;

    Service(String title, String example, String secret) {
        this.title = title;
        this.example = example;
        this.secret = secret;
    }

    /** The name in messages. */
    String title() {
        return title;
    }

    /** An address, for messages. */
    public String example() {
        return example;
    }

    /** The environment variable whose value is sent as the bearer token; it appears nowhere else. */
    public String secret() {
        return secret;
    }
}
