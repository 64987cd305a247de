package dev.upbeat.bench;

/** Changes a right answer into a similar wrong one. */
final class VerifierChanged {
    private VerifierChanged() {}

    /** Changes the last digit outside an index, or the letter of a choice; else adds a term. */
    static String of(String gold) {
        for (int i = gold.length() - 1; i >= 0; i--) {
            char c = gold.charAt(i);
            boolean index = i > 0 && gold.charAt(i - 1) == '_';
            if (c >= '0' && c <= '9' && !index) {
                char other = c == '9' ? '8' : (char) (c + 1);
                return gold.substring(0, i) + other + gold.substring(i + 1);
            }
        }
        String letter = gold.replaceAll("^\\W*(?:text\\W*)?([A-I])\\W*$", "$1");
        if (letter.length() == 1 && letter.charAt(0) >= 'A' && letter.charAt(0) <= 'I') {
            char next = (char) (letter.charAt(0) + 1);
            return gold.replace(letter.charAt(0), next);
        }
        return gold.matches("(?s).*[A-Za-z]{2,}.*") && !gold.contains("\\") ? "not " + gold : gold + "+1";
    }
}
