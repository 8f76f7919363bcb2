#include "CProcess.h"
int berth_placeholder(void){return 0;}
