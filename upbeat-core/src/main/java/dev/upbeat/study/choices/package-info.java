/** How much the weights of coupled-rhythm credit depend on what the paper leaves open. */
@org.jspecify.annotations.NullMarked
package dev.upbeat.study.choices;
