/** The version of this program; a test holds it against package.json. @module */

/** The version, such as `0.1.0`. */
export const version = '0.1.0';
