package dev.upbeat.study.choices;

import dev.upbeat.stats.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Weights of one reading beside those of the base.
 *
 * @param reading its options, as in a configuration
 * @param changedTokens number of tokens whose weight differs
 * @param changedShare their share of all tokens
 * @param interval bootstrap interval of the share over responses; null for fewer than two responses
 * @param meanChange mean absolute difference of gamma over the tokens that differ; null if none does
 * @param meanGamma mean gamma over all tokens
 * @param coupledShare share of the anchors that are locally dominated; null without anchors
 */
public record ReadingResult(
        String reading,
        int changedTokens,
        double changedShare,
        @Nullable Interval interval,
        @Nullable Double meanChange,
        double meanGamma,
        @Nullable Double coupledShare) {}
