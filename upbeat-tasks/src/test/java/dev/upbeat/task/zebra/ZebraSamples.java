package dev.upbeat.task.zebra;

/** A puzzle written by hand in the published form. */
final class ZebraSamples {
    static final String QUESTION = """
            There are 3 houses, numbered 1 to 3 from left to right, as seen from across the street. Each house is occupied by a different person. Each house has a unique attribute for each of the following characteristics:
             - Each person has a unique name: `Eric`, `Peter`, `Arnold`
             - Everyone has something unique for lunch: `stir fry`, `stew`, `pizza`

            ## Clues:
            1. Eric is directly left of the person who loves stir fry.
            2. The person who loves stir fry is somewhere to the left of Arnold.
            3. Eric is the person who loves the stew.
            """;

    static final String SOLUTION = """
            {"House 1": {"Name": "Eric", "Food": "stew"}, "House 2": {"Name": "Peter", "Food": "stir fry"},\
             "House 3": {"Name": "Arnold", "Food": "pizza"}}""";

    private ZebraSamples() {}
}
