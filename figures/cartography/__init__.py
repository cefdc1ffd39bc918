"""How a figure's map is drawn: styles, relief, borders and labels."""
