"""A plan's layers as others want them: fields and codes by a profile, in the formats and CRSs that offices take."""
