package dev.upbeat.model;

import dev.upbeat.io.BadInputException;

/** Weights or outputs of a model are NaN or infinite: the file is damaged, or training diverged. */
public final class NotFiniteException extends BadInputException {
    private static final long serialVersionUID = 1L;

    NotFiniteException(String message) {
        super(message);
    }
}
