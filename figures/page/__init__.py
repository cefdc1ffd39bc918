"""A figure's page: layout, furnishing, legend and tables."""
