package dev.upbeat.bench;

/** An answer near the right one, and wrong. */
final class VerifierChanged {
    private VerifierChanged() {}

    /** The last digit outside an index is another, or the letter of a choice the next; else a term is added. */
    static String of(String gold) {
        for (int i = gold.length() - 1; i >= 0; i--) {
            char c = gold.charAt(i);
            boolean named = i > 0 && gold.charAt(i - 1) == '_';
            if (c >= '0' && c <= '9' && !named) {
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
