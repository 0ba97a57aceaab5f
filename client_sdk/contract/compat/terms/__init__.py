"""The intermediate form: what a schema says, as immutable terms of one arena."""
