package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.List;

/** Path from an item to the value that a filter uses: names or indices separated by dots. Split once for all items. */
record AttributePath(List<Object> parts, Render render) {
    /** @param path a str or an int; None for the item itself */
    static AttributePath of(Object path, Render render) {
        if (!(path instanceof String names)) {
            return new AttributePath(path == None.NONE ? List.of() : List.of(path), render);
        }
        List<Object> parts = new ArrayList<>();
        for (Object name : Strings.split(names, ".", -1)) {
            render.spend(10); // more than for other items: a regular expression checks each
            parts.add(((String) name).matches("[0-9]{1,9}") ? (Object) Long.valueOf((String) name) : name);
        }
        return new AttributePath(parts, render);
    }

    /** @param whenUndefined replaces each undefined part, unless it is None */
    Object get(Object item, Object whenUndefined) {
        Object value = item;
        for (Object part : parts) {
            render.spend(1);
            value = Access.item(value, part, render);
            if (value instanceof Undefined && whenUndefined != None.NONE) {
                value = whenUndefined;
            }
        }
        return value;
    }

    /** The value by which items are compared. */
    Object key(Object item, boolean caseSensitive) {
        return key(get(item, None.NONE), caseSensitive, render);
    }

    static Object key(Object value, boolean caseSensitive, Render render) {
        render.spend(1);
        render.spendOn(value);
        return !caseSensitive && value instanceof String text ? Case.lower(text) : value;
    }

    /** Several paths separated by commas, as in the filter sort. */
    static List<AttributePath> several(Object paths, Render render) {
        if (!(paths instanceof String text)) {
            return List.of(of(paths, render));
        }
        return Strings.split(text, ",", -1).stream()
                .map(path -> of(path, render))
                .toList();
    }

    /** The keys of several paths as one. */
    static Object key(List<AttributePath> paths, Object item, boolean caseSensitive) {
        List<Object> keys = new ArrayList<>();
        paths.forEach(path -> keys.add(path.key(item, caseSensitive)));
        return new Tuple(keys);
    }
}
