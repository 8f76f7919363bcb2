int berth_placeholder(void);
